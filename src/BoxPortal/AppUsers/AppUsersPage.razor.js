// @ts-check
// One event for the buttons of all rows: a handler for each would be kept in every circuit.
/** @type {any} */ (window).Blazor.registerCustomEventType("rowact", { createEventArgs: (/** @type {CustomEvent} */ event) => event.detail });

document.addEventListener("click", event => {
    const button = event.target instanceof Element ? event.target.closest("button[data-act]") : null;
    if (button instanceof HTMLElement) {
        button.dispatchEvent(new CustomEvent("rowact", { bubbles: true, detail: { act: button.dataset.act, row: button.dataset.row } }));
    }
});
