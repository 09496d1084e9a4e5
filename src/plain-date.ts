/** Calendar days as text, `YYYY-MM-DD`, and lengths of time in whole days. The clock is the caller's. */

/** A day of the calendar in UTC, `YYYY-MM-DD`. Two of them compare as text. */
export type PlainDate = string;

/** The form of a day; whether the day exists is `isPlainDate`'s question. */
export const plainDatePattern = /^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$/;

/** The form of a length of time: `90d`. */
export const daysPattern = /^[1-9][0-9]{0,4}d$/;

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const dayMilliseconds = 86_400_000;

/** Whether a text is a day that exists in the Gregorian calendar: `2028-02-29` is, `2026-02-30` is not. */
export function isPlainDate(text: string): boolean {
  if (!plainDatePattern.test(text)) return false;
  const [year, month, day] = text.split("-").map(Number) as [number, number, number];
  const length = month === 2 && isLeapYear(year) ? 29 : monthLengths[month - 1];
  return length !== undefined && day >= 1 && day <= length;
}

/** The day so many days later. In: an existing day, whole days. Throws a RangeError on a day that does not exist. */
export function addDays(date: PlainDate, days: number): PlainDate {
  if (!isPlainDate(date)) throw new RangeError("addDays: not a day of the calendar");
  const later = new Date(Date.parse(`${date}T00:00:00Z`) + days * dayMilliseconds);
  return later.toISOString().slice(0, 10);
}

/** Whole days from one day to another, negative when the second is earlier. In: existing days. Throws a RangeError otherwise. */
export function daysBetween(from: PlainDate, to: PlainDate): number {
  if (!isPlainDate(from) || !isPlainDate(to)) throw new RangeError("daysBetween: not a day of the calendar");
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMilliseconds;
}

/** Days of a length like `90d`, or undefined when the text is no such length. */
export function parseDays(text: string): number | undefined {
  return daysPattern.test(text) ? Number(text.slice(0, -1)) : undefined;
}

function isLeapYear(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
