"""The style of the HTML sheet, for screens of any width and for A4 across."""

from __future__ import annotations

from storyboard.preview.facts import ACCENTS

_COLOURS = "\n".join(
    f".c{number} {{ --accent: rgb({red}, {green}, {blue}); }}" for number, (red, green, blue) in enumerate(ACCENTS)
)
_WIDTHS = "\n".join(f".strip .s{seconds} {{ flex-grow: {seconds}; }}" for seconds in range(1, 16))

STYLE = f"""
:root {{ color-scheme: light; }}
* {{ box-sizing: border-box; }}
body {{
  margin: 0 auto; padding: 2.5rem 2rem; max-width: 82rem; background: #fff; color: #181b21;
  font: 15px/1.5 Inter, "Helvetica Neue", Arial, "Noto Sans", "Liberation Sans", sans-serif;
}}
article + article {{ margin-top: 3.5rem; padding-top: 3rem; border-top: 1px solid #dee1e6; }}
h1 {{ margin: 0 0 .35rem; font-size: 2rem; line-height: 1.15; letter-spacing: -.01em; overflow-wrap: anywhere; }}
h2 {{ margin: 1.6rem 0 .5rem; padding-top: .9rem; border-top: 1px solid #dee1e6; font-size: 1rem; }}
p {{ margin: 0 0 .45rem; overflow-wrap: anywhere; unicode-bidi: plaintext; }}
.facts {{ display: flex; flex-wrap: wrap; gap: .1rem 1.6rem; margin: 0 0 1rem; color: #606875; }}
.facts .model {{ margin-left: auto; }}
.strip {{ display: flex; gap: 4px; margin: 0 0 2rem; padding: 0; list-style: none; }}
.strip li {{
  display: flex; flex: 1 1 0; min-width: 0; padding: .2rem .7rem; border-radius: 5px; justify-content: space-between;
  background: var(--accent); color: #fff; font-weight: 600; font-size: .85rem; white-space: nowrap; overflow: hidden;
}}
.shots {{ display: grid; gap: 2rem 1.8rem; }}
.n1 {{ grid-template-columns: 1fr; }}
.n2 {{ grid-template-columns: repeat(2, 1fr); }}
.n3 {{ grid-template-columns: repeat(3, 1fr); }}
.n4 {{ grid-template-columns: repeat(4, 1fr); }}
.head {{ display: flex; align-items: baseline; gap: .55rem; margin: 0 0 .4rem; }}
.head b {{ color: var(--accent); font-size: 1.5rem; line-height: 1; }}
.head .size {{ color: #606875; }}
.head .time {{ margin-left: auto; color: #737b88; font-size: .85rem; white-space: nowrap; }}
.frame {{
  position: relative; display: block; width: 100%; margin: 0 0 .7rem; border-radius: 6px; overflow: hidden;
  background: #f3f4f6;
}}
.frame svg, .frame img {{ display: block; width: 100%; height: auto; }}
.frame .soft {{
  position: absolute; inset: -6%; width: 112%; height: 112%; object-fit: cover; filter: blur(14px); opacity: .38;
}}
.frame .soft + svg {{ position: relative; }}
.frame path {{ fill: none; stroke: var(--accent); stroke-width: .8; }}
.frame .thirds {{ stroke: #b4bac4; stroke-width: .5; }}
.frame text {{ fill: var(--accent); font-weight: 600; }}
.narrow .frame path {{ stroke-width: 1.6; }}
.narrow .frame .thirds {{ stroke-width: 1; }}
.narrow .shot {{ display: grid; grid-template-columns: minmax(6.5rem, 38%) 1fr; gap: 0 1.1rem; align-content: start; }}
.narrow .head {{ grid-column: 1 / -1; }}
.narrow.n1 .shot {{ grid-template-columns: 16rem 1fr; }}
.wide.n1 .shot {{ display: grid; grid-template-columns: 55% 1fr; gap: 0 1.8rem; align-content: start; }}
.wide.n1 .head {{ grid-column: 1 / -1; }}
.said, .note {{ padding-left: .7rem; border-left: 3px solid var(--accent); color: var(--accent); }}
.said:dir(rtl), .note:dir(rtl) {{ padding: 0 .7rem 0 0; border-left: 0; border-right: 3px solid var(--accent); }}
.note {{ border-color: #c3c8d0; color: #606875; white-space: pre-line; }}
dl {{ display: grid; grid-template-columns: minmax(6rem, 9rem) 1fr; gap: .35rem 1.2rem; margin: 0; }}
dt {{ color: #606875; font-weight: 600; overflow-wrap: anywhere; }}
dd {{ margin: 0; overflow-wrap: anywhere; unicode-bidi: plaintext; white-space: pre-line; }}
.code {{
  display: inline-block; padding: 0 .25em; border: 1px solid currentColor; border-radius: 3px; font-size: .72em;
  line-height: 1.35; opacity: .8; direction: ltr; unicode-bidi: isolate;
}}
{_COLOURS}
{_WIDTHS}
@media (max-width: 60rem) {{ .shots {{ grid-template-columns: 1fr 1fr; }} }}
@media (max-width: 38rem) {{
  .shots, .wide.n1 .shot {{ grid-template-columns: 1fr; }}
  body {{ padding: 1.2rem 1rem; }}
}}
@page {{ size: A4 landscape; margin: 11mm; }}
@media print {{
  * {{ -webkit-print-color-adjust: exact; print-color-adjust: exact; }}
  body {{ max-width: none; padding: 0; font-size: 8.2pt; line-height: 1.42; }}
  h1 {{ font-size: 20pt; }}
  article + article {{ margin: 0; padding: 0; border: 0; break-before: page; }}
  .n1 {{ grid-template-columns: 1fr; }}
  .n2 {{ grid-template-columns: repeat(2, 1fr); }}
  .n3 {{ grid-template-columns: repeat(3, 1fr); }}
  .n4 {{ grid-template-columns: repeat(4, 1fr); }}
  .strip {{ margin-bottom: 5mm; }}
  .shots {{ gap: 6mm 7mm; }}
  .shot, dt, .head {{ break-inside: avoid; }}
  h2 {{ break-after: avoid; margin-top: 5mm; }}
}}
"""
