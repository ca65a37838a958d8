// The page of a running study loads itself anew, and puts the reader back where he was.

(function renew() {
  const seconds = Number(document.body.dataset.renewal);
  const scrolled = ["trial-box"].map(byId);
  const isRenewed = memory.isRenewed === true;
  if (isRenewed) {
    // Where the reader had been is no journey: nothing may glide there.
    document.documentElement.classList.add("renewed");
    delete memory.isRenewed;
    const place = memory.place ?? {};
    scrolled.forEach((box, index) => { [box.scrollLeft, box.scrollTop] = place.boxes?.[index] ?? [0, 0]; });
    for (const id of place.open ?? []) { const details = byId(id); if (details) details.open = true; }
    const focused = place.focus ? byId(place.focus) : null;
    focused?.focus({ preventScroll: true });
    if (focused?.setSelectionRange && place.selection) focused.setSelectionRange(...place.selection);
    window.scrollTo(place.x ?? 0, place.y ?? 0);
    requestAnimationFrame(() => window.scrollTo(place.x ?? 0, place.y ?? 0));
  }
  if (!(seconds > 0)) return;

  let isPaused = remembered("isPaused", false);
  let [lastTouch, isPressed] = [0, false];
  const status = byId("renewal");
  const text = make("span", {});
  const pause = button("", () => {
    isPaused = !isPaused;
    remember("isPaused", isPaused);
    say();
  }, { id: "pause" });
  status.replaceChildren(text, " ", pause);
  function say() {
    text.textContent = `The study runs; this page ${isPaused ? "stands still" : `renews itself every ${seconds} s`}.`;
    pause.textContent = isPaused ? "Go on" : "Pause";
  }
  say();

  const touch = () => { lastTouch = performance.now(); };
  for (const kind of ["keydown", "input", "pointerdown", "wheel", "touchmove", "change"]) {
    document.addEventListener(kind, touch, { capture: true, passive: true });
  }
  for (const kind of ["pointerdown", "pointerup", "pointercancel"]) {
    document.addEventListener(kind, () => { isPressed = kind === "pointerdown"; }, true);
  }

  /** Whoever types, drags, selects or reads a hidden tab is not disturbed. */
  const isBusy = () => document.hidden || isPaused || isPressed || performance.now() - lastTouch < 1500
    || String(getSelection()) !== "" || document.activeElement?.tagName === "SELECT"
    || document.querySelector(".plot svg:hover") !== null;

  function look() {
    if (isBusy()) return setTimeout(look, 500);
    const focused = document.activeElement;
    memory.isRenewed = true;
    memory.place = {
      x: scrollX, y: scrollY, focus: focused?.id || null,
      boxes: scrolled.map((box) => [box.scrollLeft, box.scrollTop]),
      open: [...document.querySelectorAll("details[open][id]")].map((details) => details.id),
      selection: focused?.type === "search" ? [focused.selectionStart, focused.selectionEnd] : null,
    };
    store();
    location.reload();
  }
  setTimeout(look, seconds * 1000);
})();
