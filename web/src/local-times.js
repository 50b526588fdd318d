// Times in the place of whoever reads them, where the page marks them with `data-local`; the server writes UTC.

const HOUR = { hour: "2-digit", minute: "2-digit" };
const DAY = { day: "numeric", month: "short", year: "numeric", ...HOUR, timeZoneName: "short" };

export function showLocalTimes() {
  for (const time of document.querySelectorAll("time[data-local]")) {
    time.textContent = new Date(time.dateTime).toLocaleString("en-GB", time.dataset.local === "day" ? DAY : HOUR);
  }
}
