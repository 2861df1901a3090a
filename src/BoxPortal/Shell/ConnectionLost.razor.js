// @ts-check
const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("components-reconnect-modal"));

dialog.addEventListener("components-reconnect-state-changed", event => {
    const { state } = /** @type {CustomEvent} */ (event).detail;
    if (state === "show" || state === "paused") {
        dialog.open || dialog.showModal();
    } else if (state === "hide") {
        dialog.close();
    } else if (state === "rejected") {
        location.reload();
    }
});

async function retry() {
    const blazor = /** @type {any} */ (window).Blazor;
    try {
        // false: the portal answers but no longer has this page's circuit. An exception: it does not answer.
        if (await blazor.reconnect() || await blazor.resumeCircuit()) {
            dialog.close();
        } else {
            location.reload();
        }
    } catch {
        dialog.classList.replace("components-reconnect-paused", "components-reconnect-failed");
    }
}

document.getElementById("connection-lost-retry")?.addEventListener("click", retry);
document.addEventListener("visibilitychange", () => {
    if (dialog.open && document.visibilityState === "visible") {
        void retry();
    }
});
