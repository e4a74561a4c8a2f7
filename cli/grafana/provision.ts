import { isDeepStrictEqual } from "node:util";
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import type { GrafanaApi } from "./http";
import type { DataSource } from "./data-sources";

/** What Grafana is to hold. */
export interface Wanted {
  readonly folder: { readonly uid: string; readonly title: string };
  readonly dataSources: readonly DataSource[];
  readonly dashboards: readonly Dashboard[];
}

export interface Outcome {
  /** `dashboard StreamFlow prod: Overview`. */
  readonly what: string;
  readonly became: "made" | "changed" | "as it was";
}

type Held = Readonly<Record<string, unknown>>;

/** How one thing is looked for, made and changed. */
interface Thing {
  readonly what: string;
  readonly find: () => Promise<Held | undefined>;
  /** Whether what was found is what is wanted. */
  readonly same: (held: Held) => boolean;
  readonly make: () => Promise<unknown>;
  readonly change: () => Promise<unknown>;
}

/**
 * Brings a folder, data sources and dashboards to what is wanted, each by its uid, and leaves everything else alone. Done
 * twice, the second time changes nothing; with `dryRun` neither does the first.
 */
export async function provision(
  api: GrafanaApi,
  wanted: Wanted,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const thing of thingsOf(api, wanted)) {
    const held = await thing.find();
    const became = held === undefined ? "made" : thing.same(held) ? "as it was" : "changed";
    if (!dryRun && became === "made") await thing.make();
    if (!dryRun && became === "changed") await thing.change();
    outcomes.push({ what: thing.what, became });
  }
  return outcomes;
}

/** Data sources and the folder before the dashboards that need them. */
function thingsOf(api: GrafanaApi, { folder, dataSources, dashboards }: Wanted): Thing[] {
  return [
    ...dataSources.map((source): Thing => {
      const path = `/datasources/uid/${source.uid}`;
      return {
        what: `data source ${source.name}`,
        find: () => api.find(path),
        same: (held) => agrees(held, source),
        make: () => api.send("POST", "/datasources", source),
        change: () => api.send("PUT", path, source),
      };
    }),
    {
      what: `folder ${folder.title}`,
      find: () => api.find(`/folders/${folder.uid}`),
      same: (held) => agrees(held, folder),
      make: () => api.send("POST", "/folders", folder),
      change: () => api.send("PUT", `/folders/${folder.uid}`, { title: folder.title, overwrite: true }),
    },
    ...dashboards.map((built): Thing => {
      const dashboard = plain(built);
      const put = () =>
        api.send("POST", "/dashboards/db", { dashboard, folderUid: folder.uid, overwrite: true });
      return {
        what: `dashboard ${String(dashboard.title)}`,
        find: () => api.find(`/dashboards/uid/${String(dashboard.uid)}`),
        same: ({ dashboard: held, meta }) =>
          isDeepStrictEqual(own(held as Held), own(dashboard)) &&
          (meta as Held | undefined)?.folderUid === folder.uid,
        make: put,
        change: put,
      };
    }),
  ];
}

/** Whether everything that is wanted is so; Grafana keeps more. */
function agrees(held: Held, wanted: object): boolean {
  const plainly = plain(wanted);
  return Object.keys(plainly).every((key) => isDeepStrictEqual(held[key], plainly[key]));
}

/** A dashboard without what Grafana itself numbers. */
function own(dashboard: Held): Held {
  return Object.fromEntries(Object.entries(dashboard).filter(([key]) => !["id", "version"].includes(key)));
}

/** As it goes over the wire: without functions, and without what is undefined. */
const plain = (value: object): Held => JSON.parse(JSON.stringify(value)) as Held;
