// @ts-check
/** @type {Map<string, ReturnType<typeof formats>>} */
const made = new Map();

/**
 * A language's own ways to tell a time; of its regions', those of the one the browser prefers: 17:00 in British English is 5:00 PM in American.
 * @param {string} language
 */
function formats(language) {
    const locale = navigator.languages.find(one => one.split("-")[0] === language) ?? language;
    return {
        day: new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }),
        clock: new Intl.DateTimeFormat(locale, { timeStyle: "short" }),
        daySecond: new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" }),
        clockSecond: new Intl.DateTimeFormat(locale, { timeStyle: "medium" }),
        exact: new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "long" }),
        ago: new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" }),
    };
}

/**
 * Those of the language that the words around it are in.
 * @param {Element} element
 */
function formatsFor(element) {
    const language = element.closest("[lang]")?.getAttribute("lang") ?? "en";
    const found = made.get(language) ?? formats(language);
    made.set(language, found);
    return found;
}

/**
 * How people speak of a moment: how long ago within the last hour, by the clock today, with its date before.
 * @param {ReturnType<typeof formats>} formats
 * @param {Date} at
 * @param {boolean} asClock
 * @param {boolean} toTheSecond
 */
function words({ day, clock, daySecond, clockSecond, ago }, at, asClock, toTheSecond) {
    const now = new Date();
    const isToday = at.toDateString() === now.toDateString();
    if (toTheSecond) {
        return (isToday ? clockSecond : daySecond).format(at);
    }
    const minutes = Math.floor((now.getTime() - at.getTime()) / 60_000);
    if (!asClock && minutes >= -1 && minutes < 60) { // two clocks are never quite the same
        return minutes < 1 ? ago.format(0, "second") : ago.format(-minutes, "minute");
    }
    return (isToday ? clock : day).format(at);
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
        const formats = formatsFor(this);
        const said = words(formats, at, this.hasAttribute("data-as-clock"), this.hasAttribute("data-to-the-second"));
        // Only the text inside the node that Blazor knows, so that Blazor can go on changing it.
        if (time.firstChild instanceof Text && time.firstChild.data !== said) {
            time.firstChild.data = said;
        } else if (!time.firstChild) {
            time.append(said);
        }
        time.title = formats.exact.format(at);
    }
}

customElements.define("local-time", LocalTime);
