// Boxes that scroll: those that have more than they show say so, and only they are stops of the tab key.

/** Looks at a box anew. */
function look(box) {
  const isWide = box.scrollWidth > box.clientWidth + 1;
  const overflows = isWide || box.scrollHeight > box.clientHeight + 1;
  box.classList.toggle("overflows", isWide);
  if (overflows) {
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    const heading = box.closest("section")?.querySelector("h2")?.textContent;
    box.setAttribute("aria-label", `${heading ?? "Table"}, scrolls`);
  } else {
    for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
  }
  const hint = box.nextElementSibling;
  const isHint = hint?.classList.contains("scroll-hint");
  if (isWide && !isHint) {
    box.after(make("p", { class: "scroll-hint", "aria-hidden": "true" }, "scroll sideways for more →"));
  }
  if (isHint) hint.hidden = !isWide;
}

const boxes = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const box = target.closest(".scroll");
    if (box) look(box);
  }
});
for (const box of document.querySelectorAll(".scroll")) {
  boxes.observe(box);
  if (box.firstElementChild) boxes.observe(box.firstElementChild);
}
