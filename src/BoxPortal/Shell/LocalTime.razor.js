// @ts-check
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });

/** Rewrites the <time> inside in the reader's zone: today's by the clock, others with their date, the exact moment as its title. */
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
        const words = at.toDateString() === new Date().toDateString() ? clock.format(at) : day.format(at);
        // Only the text inside the node that Blazor knows, so that Blazor can go on changing it.
        if (time.firstChild instanceof Text && time.firstChild.data !== words) {
            time.firstChild.data = words;
        } else if (!time.firstChild) {
            time.append(words);
        }
        time.title = exact.format(at);
    }
}

customElements.define("local-time", LocalTime);
