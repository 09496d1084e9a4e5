/** Prometheus figures. Labels are words of our own; nothing of a payload is one. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Intake } from "../store/deliveries.ts";
import type { QueueFigures } from "../store/queue-table.ts";
import type { JobEnd } from "../store/worker.ts";
import { isJobName } from "./job.ts";

export type Figures = {
  accepted(intake: Intake): void;
  refused(status: number): void;
  ended(job: string, end: JobEnd, seconds: number): void;
  trouble(code: string): void;
  /** The text of `/metrics`. In: what reads the queue; where it cannot, its figures are left out and `leasehold_store_up` is 0. */
  text(queue: () => Promise<QueueFigures>): Promise<string>;
  readonly contentType: string;
};

export function createFigures(): Figures {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const deliveries = new Counter({
    name: "leasehold_deliveries_total",
    help: "Webhook deliveries that were kept, by what became of them",
    labelNames: ["intake"],
    registers,
  });
  const refusals = new Counter({
    name: "leasehold_deliveries_refused_total",
    help: "Webhook requests that were refused, by status",
    labelNames: ["status"],
    registers,
  });
  const jobs = new Histogram({
    name: "leasehold_job_seconds",
    help: "How long jobs ran, by kind and end",
    labelNames: ["job", "end"],
    buckets: [0.05, 0.2, 1, 5, 20, 60, 300],
    registers,
  });
  const troubles = new Counter({
    name: "leasehold_trouble_total",
    help: "Calls of the store or the queue that failed",
    labelNames: ["code"],
    registers,
  });
  const byState = new Gauge({
    name: "leasehold_jobs",
    help: "Jobs by state",
    labelNames: ["state"],
    registers,
  });
  const lag = new Gauge({
    name: "leasehold_delivery_lag_seconds",
    help: "Seconds since the oldest delivery came in that is not settled",
    registers,
  });
  const up = new Gauge({ name: "leasehold_store_up", help: "Whether the store answered", registers });
  return {
    accepted: (intake) => deliveries.inc({ intake }),
    refused: (status) => refusals.inc({ status: String(status) }),
    ended: (job, end, seconds) => jobs.observe({ job: isJobName(job) ? job : "other", end }, seconds),
    trouble: (code) => troubles.inc({ code }),
    contentType: registry.contentType,
    async text(queue) {
      try {
        const { lagSeconds, ...states } = await queue();
        for (const [state, count] of Object.entries(states)) byState.set({ state }, count);
        lag.set(lagSeconds);
        up.set(1);
      } catch {
        byState.reset();
        lag.reset();
        up.set(0);
      }
      return await registry.metrics();
    },
  };
}
