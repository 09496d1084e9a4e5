/** The step of a workflow or composite action in which a byte lies. */
import type { Model } from "../workflow/model.ts";

/** In: the model; undefined for a file that cannot be read. Out: a function from an offset to the bytes [start, end) of its step, if it lies in one. */
export function stepRangeAt(model: Model | undefined): (at: number) => { start: number; end: number } | undefined {
  const steps =
    model?.kind === "workflow" ? model.jobs.flatMap((job) => job.steps) : model?.kind === "action" ? model.steps : [];
  const spans = steps.map(({ span }) => span).sort((a, b) => a.start - b.start || b.end - a.end);
  return (at) => {
    let low = 0;
    let high = spans.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (spans[middle]!.start <= at) low = middle + 1;
      else high = middle;
    }
    const span = spans[low - 1];
    return span === undefined || at >= span.end ? undefined : { start: span.start, end: span.end };
  };
}
