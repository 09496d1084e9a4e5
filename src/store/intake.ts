/**
 * Takes deliveries in as they come. While one transaction runs, those that arrive wait together for the next: a commit costs the
 * same for one as for a hundred, and each caller hears only after the commit of his own.
 */
import { type Intake, type NewDelivery, storeDeliveries } from "./deliveries.ts";
import type { Store } from "./open.ts";

export type DeliveryIntake = {
  /** Rejects where the delivery could not be kept; then nothing of it was. */
  accept(delivery: NewDelivery): Promise<Intake>;
  /** Resolves when nothing waits any more. */
  settled(): Promise<void>;
};

const mostTogether = 200;

type Waiting = { delivery: NewDelivery; resolve(intake: Intake): void; reject(error: unknown): void };

/** In: the store, and what is called after each commit that put something into the queue. */
export function deliveryIntake(store: Store, onQueued: () => void = () => {}): DeliveryIntake {
  const waiting: Waiting[] = [];
  let running: Promise<void> | undefined;

  async function run(): Promise<void> {
    // The others of this turn of the event loop come along.
    await new Promise(setImmediate);
    while (waiting.length > 0) {
      const batch = waiting.splice(0, mostTogether);
      try {
        const outcomes = await storeDeliveries(
          store,
          batch.map(({ delivery }) => delivery),
        );
        batch.forEach(({ resolve }, at) => {
          resolve(outcomes[at]!);
        });
      } catch (error) {
        // One that cannot be kept must not take the others with it.
        if (batch.length === 1) batch[0]!.reject(error);
        else await Promise.all(batch.map(alone));
      }
      onQueued();
    }
    running = undefined;
  }

  async function alone({ delivery, resolve, reject }: Waiting): Promise<void> {
    try {
      const [outcome] = await storeDeliveries(store, [delivery]);
      resolve(outcome!);
    } catch (error) {
      reject(error);
    }
  }

  return {
    accept: (delivery) =>
      new Promise((resolve, reject) => {
        waiting.push({ delivery, resolve, reject });
        running ??= run();
      }),
    async settled() {
      while (running !== undefined) await running;
    },
  };
}
