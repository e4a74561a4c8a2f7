import { type Command, defineCommand, runCommand } from "@packages/cli-kit/command";
import { nearest } from "@packages/cli-kit/nearest";

/** Loads one command's definition without the others. */
type Load = () => Promise<Command>;

/** Every command by its script in package.json, in the order of `npm run commands`. */
export const commands: Readonly<Record<string, Load>> = {
  start: async () => (await import("./cli/start/command")).start,
  test: async () => (await import("./cli/test/command")).test,
  check: async () => (await import("./cli/test/command")).check,
  "test:settings": async () => (await import("./__tests__/support/foreign-settings")).testSettings,
  "test:stress": async () => (await import("./cli/test/command")).testStress,
  soak: async () => (await import("./cli/soak/command")).soak,
  mutate: async () => (await import("./cli/mutate/command")).mutate,
  synth: async () => (await import("./cli/synth/command")).synth,
  policies: async () => (await import("./cli/policies/command")).policies,
  init: async () => (await import("./cli/init/command")).init,
  doctor: async () => (await import("./cli/doctor/command")).doctor,
  plan: async () => (await import("./cli/delivery/command")).plan,
  deploy: async () => (await import("./cli/delivery/command")).deploy,
  diff: async () => (await import("./cli/delivery/command")).diff,
  drift: async () => (await import("./cli/delivery/command")).drift,
  destroy: async () => (await import("./cli/destroy/command")).destroy,
  sweep: async () => (await import("./cli/sweep/command")).sweep,
  watch: async () => (await import("./cli/delivery/command")).watch,
  compare: async () => (await import("./cli/compare/command")).compare,
  conformance: async () => (await import("./cli/conformance/command")).conformance,
  review: async () => (await import("./cli/review/command")).review,
  backup: async () => (await import("./cli/backup-restore/command")).backup,
  restore: async () => (await import("./cli/backup-restore/command")).restore,
  "playback-key": async () => (await import("./cli/playback-key/command")).playbackKey,
  cloud: async () => (await import("./cli/cloud/command")).cloud,
  "move-state": async () => (await import("./cli/move-state/command")).moveState,
  users: async () => (await import("./cli/users/command")).users,
  redrive: async () => (await import("./cli/redrive/command")).redrive,
  drill: async () => (await import("./cli/drill/command")).drill,
  grafana: async () => (await import("./cli/grafana/command")).grafana,
  docs: async () => (await import("./cli/docs/command")).docs,
  openapi: async () => (await import("./cli/openapi/command")).openapi,
  "build:web": async () => (await import("./cli/web/command")).buildWeb,
  image: async () => (await import("./cli/image/command")).image,
  "synth:hcl": async () => (await import("./cli/hcl/command")).synthHcl,
  exits: async () => (await import("./cli/exits/command")).exits,
  fingerprints: async () => (await import("./cli/fingerprints/command")).fingerprints,
  corpus: async () => (await import("./cli/corpus/command")).corpus,
  bench: async () => (await import("./bench/command")).bench,
  "github:environments": async () => (await import("./cli/github/command")).gitHubEnvironments,
  "github:environment": async () => (await import("./cli/github/command")).gitHubEnvironment,
  "github:planned": async () => (await import("./cli/github/command")).gitHubPlanned,
  "github:comment": async () => (await import("./cli/github/command")).gitHubComment,
  "github:issue": async () => (await import("./cli/github/command")).gitHubIssue,
  commands: () => Promise.resolve(list),
};

const list = defineCommand({
  name: "commands",
  summary: "Lists all commands.",
  description: "npm run NAME -- --help shows the arguments of a command.",
  examples: [""],
  run: async (_, { print }) => {
    const all = await Promise.all(Object.values(commands).map((load) => load()));
    const width = Math.max(...all.map(({ invocation }) => invocation.length));
    for (const { invocation, summary } of all) print(`${invocation.padEnd(width)}  ${summary}`);
  },
});

/** The entry point of package.json's scripts: `commands.ts NAME ARGUMENT…`. */
export async function main([name = "", ...args]: readonly string[]): Promise<void> {
  const load = commands[name];
  if (load !== undefined) return runCommand(await load(), args);
  const like = nearest(name, Object.keys(commands));
  const hint = like === undefined ? "" : ` (did you mean ${like}?)`;
  process.stderr.write(`unknown command "${name}"${hint}; npm run commands lists all\n`);
  process.exitCode = 2;
}

if (require.main === module) void main(process.argv.slice(2));
