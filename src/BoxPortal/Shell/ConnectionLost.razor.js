// @ts-check
const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("components-reconnect-modal"));
let leaving = false; // no more than once: Chromium may never finish a navigation that another one overtakes

dialog.addEventListener("components-reconnect-state-changed", event => {
    const { state, secondsToNextAttempt } = /** @type {CustomEvent} */ (event).detail;
    if (leaving) {
        return;
    }
    if (state === "show" || state === "paused") {
        dialog.open || dialog.showModal();
    } else if (state === "hide") {
        dialog.close();
    } else if (state === "rejected") {
        leave(() => location.reload());
    }
    if (state === "show" || (state === "retrying" && secondsToNextAttempt === 0)) {
        void leaveIfSignedOut();
    }
});

/** @param {() => void} go */
function leave(go) {
    if (!leaving) {
        leaving = true;
        go();
    }
}

/** The portal ends a connection with its session, and then there is nothing to reconnect to. */
async function leaveIfSignedOut() {
    const answer = await fetch("/_blazor/initializers").catch(() => undefined);
    if (answer?.status === 401) {
        leave(() => location.replace("/signed-out"));
    }
}

async function retry() {
    void leaveIfSignedOut();
    const blazor = /** @type {any} */ (window).Blazor;
    try {
        // false: the portal answers but no longer has this page's circuit. An exception: it does not answer.
        if (await blazor.reconnect() || await blazor.resumeCircuit()) {
            dialog.close();
        } else {
            leave(() => location.reload());
        }
    } catch {
        dialog.classList.replace("components-reconnect-paused", "components-reconnect-failed");
    }
}

document.getElementById("connection-lost-retry")?.addEventListener("click", retry);
document.addEventListener("submit", event => {
    // This tab is then on its way to the provider; going elsewhere would leave the session there.
    leaving ||= event.target instanceof Element && event.target.matches("form[action='/authentication/logout']");
});
document.addEventListener("visibilitychange", () => {
    if (dialog.open && document.visibilityState === "visible") {
        void retry();
    }
});
