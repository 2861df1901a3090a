// @ts-check
// One listener for every copy button, whenever Blazor draws it.
document.addEventListener("click", async event => {
    const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
    if (!(button instanceof HTMLElement)) {
        return;
    }
    await navigator.clipboard.writeText(button.dataset.copy ?? "");
    button.dataset.copied = "";
    button.title = "Copied";
    setTimeout(() => {
        delete button.dataset.copied;
        button.title = "Copy";
    }, 1500);
});
