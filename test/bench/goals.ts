/** What the figures should be, and whether they are. */
import { table } from "./table.ts";

/** How far a figure may miss its goal before the benches fail; machines that others share are that noisy. */
const noise = 1.25;

/** A list of goals to be filled and reported. */
export type Goals = {
  /** Note a figure that should be at most `most`. */
  atMost(what: string, figure: number, most: number, unit: string): void;
  /** A table of all of them. */
  report(): string;
  /** Whether one is missed by more than the noise. */
  missed(): boolean;
};

export function createGoals(): Goals {
  const noted: { what: string; figure: number; most: number; unit: string }[] = [];
  return {
    atMost: (what, figure, most, unit) => {
      noted.push({ what, figure, most, unit });
    },
    report: () =>
      table(
        ["goal", "is", "at most", ""],
        noted.map(({ what, figure, most, unit }) => [
          what,
          shown(figure, unit),
          shown(most, unit),
          figure <= most ? "met" : figure <= most * noise ? "missed, within noise" : "MISSED",
        ]),
      ),
    missed: () => noted.some(({ figure, most }) => !(figure <= most * noise)),
  };
}

function shown(figure: number, unit: string): string {
  return `${unit === "×" ? figure.toFixed(2) : Math.round(figure)} ${unit}`;
}
