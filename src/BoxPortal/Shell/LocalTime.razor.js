// @ts-check
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
const ago = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });

/**
 * How people speak of a moment: how long ago within the last hour, by the clock today, with its date before.
 * @param {Date} at
 * @param {boolean} asClock
 */
function words(at, asClock) {
    const now = new Date();
    const minutes = Math.floor((now.getTime() - at.getTime()) / 60_000);
    if (!asClock && minutes >= -1 && minutes < 60) { // two clocks are never quite the same
        return minutes < 1 ? ago.format(0, "second") : ago.format(-minutes, "minute");
    }
    return at.toDateString() === now.toDateString() ? clock.format(at) : day.format(at);
}

/** Rewrites the <time> inside in the reader's zone, the exact moment as its title. What it says grows old until it is drawn again. */
class LocalTime extends HTMLElement {
    #observer = new MutationObserver(() => this.#write());

    connectedCallback() {
        this.#observer.observe(this, { attributes: true, childList: true, subtree: true, attributeFilter: ["datetime"] });
        this.#write();
    }

    disconnectedCallback() {
        this.#observer.disconnect();
    }

    #write() {
        const time = this.querySelector("time");
        const at = new Date(time?.dateTime ?? "");
        if (!time || Number.isNaN(at.getTime())) {
            return;
        }
        const said = words(at, this.hasAttribute("data-as-clock"));
        // Only the text inside the node that Blazor knows, so that Blazor can go on changing it.
        if (time.firstChild instanceof Text && time.firstChild.data !== said) {
            time.firstChild.data = said;
        } else if (!time.firstChild) {
            time.append(said);
        }
        time.title = exact.format(at);
    }
}

customElements.define("local-time", LocalTime);
