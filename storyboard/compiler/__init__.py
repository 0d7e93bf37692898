"""From shots to what is sent: expanded texts, the multi-shot template, the request and its price."""
