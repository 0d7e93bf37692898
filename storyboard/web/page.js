// A terminal measures its font once, when it opens: the font has to be there by then.
const open = window.onload;
window.onload = async (event) => {
  document.getElementById("again").onclick = () => window.location.reload();
  try {
    await document.fonts.load("16px 'Roboto Mono'");
  } finally {
    open(event);
  }
  document.querySelector(".xterm-helper-textarea")?.focus();
};
