// @ts-check
// One listener for every copy button, whenever Blazor draws it.
document.addEventListener("click", async event => {
    const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
    if (!(button instanceof HTMLElement)) {
        return;
    }
    await navigator.clipboard.writeText(button.dataset.copy ?? "");
    button.dataset.copied = "";
    const title = button.title;
    button.title = button.dataset.done ?? title;
    setTimeout(() => {
        delete button.dataset.copied;
        button.title = title;
    }, 1500);
});
