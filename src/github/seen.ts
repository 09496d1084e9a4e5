/** Working with stores that may be out of sight. */
import { LeaseholdError } from "../error.ts";
import type { Seen } from "../register/inventory.ts";

/** Each item of a store in another form; a store that was not listed stays what it was. */
export function mapSeen<T, U>(store: Seen<T>, change: (item: T) => U): Seen<U> {
  return store.status === "listed" ? { status: "listed", items: store.items.map(change) } : store;
}

/** The same where changing an item takes requests, one after the other. */
export async function mapSeenLater<T, U>(store: Seen<T>, change: (item: T) => Promise<U>): Promise<Seen<U>> {
  if (store.status !== "listed") return store;
  const items: U[] = [];
  for (const item of store.items) items.push(await change(item));
  return { status: "listed", items };
}

/**
 * GitHub answers 404 both for what is not there and for what must not be seen. In: what the store seemed, and whether the token
 * is known to see everything there. Out: `not available here` only where that can be told.
 */
export function asSeenBy<T>(store: Seen<T>, seesAll: boolean): Seen<T> {
  return store.status === "not available here" && !seesAll ? { status: "not permitted" } : store;
}

/** A moment as GitHub writes it, in UTC without fractions. Throws LeaseholdError("network") for what is none. */
export function utc(text: string): string {
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) throw new LeaseholdError("network", "GitHub gave a moment that is none");
  return `${moment.toISOString().slice(0, 19)}Z`;
}
