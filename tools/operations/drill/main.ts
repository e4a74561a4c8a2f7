import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { localFolder } from "../../local/folders";
import { postgresBinaries } from "../../local/servers/postgres-binaries";
import { serviceUser } from "../../local/servers/service-user";
import { databaseDrill } from "./database";
import { report } from "./report";

/** `npm run drill`: restores a database twice, on this machine, and says what was lost and how long it took. */
async function main(): Promise<void> {
  const folder = join(localFolder, "drill");
  const drill = await databaseDrill({
    folder,
    rows: 200_000,
    loadFor: 5_000,
    archiveSeconds: 5,
    tell: (line) => console.log(line),
  });
  const { kept, markdown } = report(drill, new Date(), postgresBinaries(serviceUser()).version);
  const file = join(localFolder, "drills", "report.md");
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, markdown);
  console.log(`\n${markdown}\n${file}`);
  if (!kept) process.exitCode = 1;
}

void main();
