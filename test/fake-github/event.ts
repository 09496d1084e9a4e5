/** Webhooks: who hears of what, and its delivery, signed, to the App's address (GitHub Docs, "Webhook events and payloads", "Validating webhook deliveries"). */
import { createHmac, randomUUID } from "node:crypto";
import { type Links, nodeId } from "./links.ts";
import { showSimpleOrganisation, showUser } from "./show-account.ts";
import { showInstalledRepository } from "./show-repository.ts";
import {
  type App,
  accountOf,
  type Delivery,
  type Installation,
  moment,
  nextId,
  type Organisation,
  organisationOf,
  type Repository,
  type State,
} from "./state.ts";
import { payloadFaults } from "./webhook.ts";

export type Told = {
  event: string;
  action?: string;
  repository?: Repository;
  /** Where it happened to an organisation rather than to a repository. */
  organisation?: Organisation;
  /** Only this App hears of it: its own checks, its own installation. */
  app?: App;
  /** Where no repository says which. */
  installation?: Installation;
  /** Login of who did it. */
  sender: string;
  /** What the payload has beside repository, organisation, installation and sender. */
  payload(links: Links): object | Promise<object>;
};

/** Told to every App, whatever it subscribes to. */
const always = new Set([
  "installation",
  "installation_repositories",
  "installation_target",
  "github_app_authorization",
]);

/** What is told, without what becomes of it. */
type Message = Omit<Delivery, "id" | "deliveredAt" | "redelivery" | "duration" | "status" | "statusCode">;

export type Mail = {
  tell(told: Told): void;
  deliver(app: App, message: Message): Promise<Delivery>;
  redeliver(app: App, delivery: Delivery): Promise<Delivery>;
  /** So many deliveries are lost on their way, as if the App did not answer. */
  lose(times: number): void;
  /** Waits until everything that was told is delivered, or lost. */
  settled(): Promise<void>;
};

/** In: the state; the address of the fake, known once it serves; milliseconds that an answer may take; who is told that something went wrong here. */
export function mailOf(
  state: State,
  { links, patience }: { links: () => Links; patience: number },
  fault: (error: unknown) => void,
): Mail {
  const pending = new Set<Promise<unknown>>();
  let lost = 0;
  const track = (work: Promise<unknown>) => {
    const tracked = work.catch(fault).finally(() => pending.delete(tracked));
    pending.add(tracked);
  };

  const attempt = async (app: App, message: Message & { redelivery: boolean }) => {
    const delivery: Delivery = {
      ...message,
      id: nextId(state),
      deliveredAt: moment(state),
      duration: 0,
      status: "",
      statusCode: 0,
    };
    app.deliveries.unshift(delivery);
    const start = performance.now();
    const isLost = lost > 0;
    if (isLost) lost--;
    const answer = isLost ? undefined : await send(app, delivery, patience);
    delivery.duration = Math.round(performance.now() - start) / 1000;
    delivery.statusCode = answer?.status ?? 504;
    delivery.status = answer === undefined ? "timed out" : answer.ok ? "OK" : `Invalid HTTP Response: ${answer.status}`;
    return delivery;
  };

  const heard = async (told: Told) => {
    // Before anything is waited for: what happens next may change who would hear of it.
    const audience = audienceOf(state, told);
    const payload = await told.payload(links());
    const { repository, event, action } = told;
    const organisation = repository === undefined ? told.organisation : organisationOf(state, repository.owner.login);
    for (const installation of audience) {
      const { app, id } = installation;
      if (app.webhook.url === undefined) continue;
      const whole = {
        ...(action !== undefined && { action }),
        ...payload,
        ...(repository !== undefined && { repository: showInstalledRepository(links(), repository) }),
        ...(organisation !== undefined && { organization: showSimpleOrganisation(links(), organisation) }),
        ...(!("installation" in payload) && { installation: { id, node_id: nodeId("I", id) } }),
        sender: showUser(links(), accountOf(state, told.sender)!),
      };
      // What goes over the wire is what is judged.
      for (const one of payloadFaults(event, action, JSON.parse(JSON.stringify(whole)))) fault(one);
      await attempt(app, {
        ...{ guid: randomUUID(), event, action: action ?? null, installationId: id, redelivery: false },
        ...{ repositoryId: repository?.id ?? null, payload: whole },
      });
    }
  };

  return {
    tell: (told) => track(heard(told)),
    deliver: (app, message) => attempt(app, { ...message, redelivery: false }),
    redeliver: (app, delivery) => {
      const work = attempt(app, { ...delivery, redelivery: true });
      track(work);
      return work;
    },
    lose(times) {
      lost = times;
    },
    async settled() {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}

function audienceOf(state: State, told: Told): Installation[] {
  const { repository, event, app } = told;
  return [...state.installations.values()].filter((one) => {
    if (app !== undefined && one.app !== app) return false;
    if (told.installation !== undefined) return one === told.installation;
    if (one.suspendedAt !== null) return false;
    if (!always.has(event) && app === undefined && !one.events.includes(event)) return false;
    if (repository === undefined) return one.account.id === told.organisation?.id;
    return (
      one.account.id === repository.owner.id && (one.repositories === "all" || one.repositories.has(repository.id))
    );
  });
}

async function send(app: App, { guid, event, payload }: Delivery, patience: number): Promise<Response | undefined> {
  const body = JSON.stringify(payload);
  const sign = (hash: string) => `${hash}=${createHmac(hash, app.webhook.secret).update(body).digest("hex")}`;
  try {
    const answer = await fetch(app.webhook.url!, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "user-agent": "GitHub-Hookshot/fake",
        "x-github-event": event,
        "x-github-delivery": guid,
        "x-github-hook-id": String(app.id),
        "x-github-hook-installation-target-id": String(app.id),
        "x-github-hook-installation-target-type": "integration",
        "x-hub-signature": sign("sha1"),
        "x-hub-signature-256": sign("sha256"),
      },
      signal: AbortSignal.timeout(patience),
    });
    await answer.arrayBuffer();
    return answer;
  } catch {
    return undefined;
  }
}
