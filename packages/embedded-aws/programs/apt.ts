import { spawnSync } from "node:child_process";
import { runCommand } from "./command";

/** Whether Debian packages can be installed without interaction: as root, with apt-get. */
export function canUseApt(): boolean {
  return process.getuid?.() === 0 && spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status === 0;
}

/** apt options without dpkg's pseudo terminal, whose processes a signal would not reach. */
const quietly = ["-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=120"];

/** Installs a Debian package, after updating missing or old package lists. Throws if it fails. */
export async function aptInstall(name: string): Promise<void> {
  const install = () =>
    runCommand(
      `apt-${name}`,
      ...(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", ...quietly] as const),
      ...["install", "--yes", "--no-install-recommends", name],
    );
  await install().catch(async () => {
    await runCommand(`apt-${name}`, "apt-get", ...quietly, "update");
    await install();
  });
}
