import { type Command, defineCommand } from "@packages/cli-kit/command";

/** Loads the definition of a command, and nothing of the others. */
type Load = () => Promise<Command>;

/** Every command, by its script in package.json, in the order in which `npm run commands` lists them. */
export const commands: Readonly<Record<string, Load>> = {
  start: async () => (await import("./start/command")).start,
  test: async () => (await import("./test/command")).test,
  check: async () => (await import("./test/command")).check,
  "test:settings": async () => (await import("../__tests__/support/foreign-settings")).testSettings,
  synth: async () => (await import("./synth/command")).synth,
  policies: async () => (await import("./policies/command")).policies,
  plan: async () => (await import("./delivery/command")).plan,
  deploy: async () => (await import("./delivery/command")).deploy,
  diff: async () => (await import("./delivery/command")).diff,
  drift: async () => (await import("./delivery/command")).drift,
  watch: async () => (await import("./delivery/command")).watch,
  compare: async () => (await import("./compare/command")).compare,
  review: async () => (await import("./review/command")).review,
  backup: async () => (await import("./backup-restore/command")).backup,
  restore: async () => (await import("./backup-restore/command")).restore,
  redrive: async () => (await import("./redrive/command")).redrive,
  drill: async () => (await import("./drill/command")).drill,
  grafana: async () => (await import("./grafana/command")).grafana,
  docs: async () => (await import("./docs/command")).docs,
  openapi: async () => (await import("./openapi/command")).openapi,
  "build:web": async () => (await import("./web/command")).buildWeb,
  "build:processor": async () => (await import("./image/command")).buildProcessor,
  "synth:hcl": async () => (await import("./hcl/command")).synthHcl,
  exits: async () => (await import("./exits/command")).exits,
  fingerprints: async () => (await import("./fingerprints/command")).fingerprints,
  bench: async () => (await import("../bench/command")).bench,
  "github:environments": async () => (await import("./github/command")).gitHubEnvironments,
  "github:environment": async () => (await import("./github/command")).gitHubEnvironment,
  "github:planned": async () => (await import("./github/command")).gitHubPlanned,
  "github:comment": async () => (await import("./github/command")).gitHubComment,
  "github:issue": async () => (await import("./github/command")).gitHubIssue,
  commands: () => Promise.resolve(list),
};

const list = defineCommand({
  name: "commands",
  summary: "Lists all commands.",
  description: "npm run NAME -- --help tells what a command takes.",
  examples: [""],
  run: async (_, { print }) => {
    const all = await Promise.all(Object.values(commands).map((load) => load()));
    const width = Math.max(...all.map(({ invocation }) => invocation.length));
    for (const { invocation, summary } of all) print(`${invocation.padEnd(width)}  ${summary}`);
  },
});
