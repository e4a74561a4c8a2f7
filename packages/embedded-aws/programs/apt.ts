import { spawnSync } from "node:child_process";
import { runCommand } from "./command";

/** Whether Debian packages can be installed without asking anybody: as root, where apt-get is. */
export function canUseApt(): boolean {
  return process.getuid?.() === 0 && spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status === 0;
}

/** Without a terminal of dpkg's own, whose processes a signal would not reach. */
const quietly = ["-o", "Dpkg::Use-Pty=0", "-o", "DPkg::Lock::Timeout=120"];

/** Installs a Debian package; package lists that are missing or old are fetched first. Throws when it fails. */
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
