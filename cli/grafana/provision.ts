import { isDeepStrictEqual } from "node:util";
import type { Dashboard } from "@grafana/grafana-foundation-sdk/dashboard";
import type { GrafanaApi } from "./http";
import type { DataSource } from "./data-sources";

/** Expected content of Grafana. */
export interface ExpectedContent {
  readonly folder: { readonly uid: string; readonly title: string };
  readonly dataSources: readonly DataSource[];
  readonly dashboards: readonly Dashboard[];
}

export interface Outcome {
  /** Description, such as `dashboard StreamFlow prod: Overview`. */
  readonly what: string;
  readonly became: "made" | "changed" | "unchanged";
}

type Held = Readonly<Record<string, unknown>>;

/** How to find, create and update one item. */
interface Item {
  readonly what: string;
  readonly find: () => Promise<Held | undefined>;
  /** Whether the found item equals the expected one. */
  readonly same: (held: Held) => boolean;
  readonly make: () => Promise<unknown>;
  readonly change: () => Promise<unknown>;
}

/**
 * Creates or updates a folder, data sources and dashboards by uid, and leaves everything else alone. Idempotent; with
 * `dryRun` it changes nothing.
 */
export async function provision(
  api: GrafanaApi,
  expected: ExpectedContent,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const item of itemsOf(api, expected)) {
    const held = await item.find();
    const became = held === undefined ? "made" : item.same(held) ? "unchanged" : "changed";
    if (!dryRun && became === "made") await item.make();
    if (!dryRun && became === "changed") await item.change();
    outcomes.push({ what: item.what, became });
  }
  return outcomes;
}

/** All items, data sources and the folder before the dashboards that need them. */
function itemsOf(api: GrafanaApi, { folder, dataSources, dashboards }: ExpectedContent): Item[] {
  return [
    ...dataSources.map((source): Item => {
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
    ...dashboards.map((built): Item => {
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

/** Whether the found item has all expected values; Grafana adds others. */
function agrees(held: Held, expected: object): boolean {
  const plainly = plain(expected);
  return Object.keys(plainly).every((key) => isDeepStrictEqual(held[key], plainly[key]));
}

/** A dashboard without the ids and versions that Grafana assigns. */
function own(dashboard: Held): Held {
  return Object.fromEntries(Object.entries(dashboard).filter(([key]) => !["id", "version"].includes(key)));
}

/** A value as JSON, without functions and undefined fields. */
const plain = (value: object): Held => JSON.parse(JSON.stringify(value)) as Held;
