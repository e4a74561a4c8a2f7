import { spawn, type ChildProcess } from "node:child_process";

/**
 * A small shell process that briefly outlives this process. It reads `+ <pid> <signal>` and `- <pid>`; when its input
 * ends because this process is gone (also by SIGKILL), it stops the remaining process groups.
 */
const script = `
trap '' INT TERM HUP
list=''
while read -r change pid signal; do
  if [ "$change" = + ]; then list="$pid:$signal $list"; else
    rest=''
    for entry in $list; do [ "\${entry%%:*}" = "$pid" ] || rest="$rest$entry "; done
    list=$rest
  fi
done
[ -n "$list" ] || exit 0
for entry in $list; do kill -s "\${entry#*:}" "\${entry%%:*}" 2>/dev/null; done
for turn in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  alive=''
  for entry in $list; do kill -s 0 -- "-\${entry%%:*}" 2>/dev/null && alive=yes; done
  [ -n "$alive" ] || exit 0
  sleep 0.25
done
for entry in $list; do kill -s KILL -- "-\${entry%%:*}" 2>/dev/null; done
`;

let reaper: ChildProcess | undefined;

function tell(line: string): void {
  if (!reaper) {
    reaper = spawn("/bin/sh", ["-c", script], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
      cwd: "/",
    });
    reaper.unref();
    (reaper.stdin as unknown as { unref?: () => void }).unref?.();
    reaper.stdin?.on("error", () => undefined);
    reaper.on("error", () => undefined);
  }
  reaper.stdin?.write(`${line}\n`);
}

/** Registers a process group to be stopped with `signal`, and killed 5 s later, if this process dies first. */
export function guard(pid: number, signal: NodeJS.Signals): void {
  tell(`+ ${pid} ${signal.replace(/^SIG/, "")}`);
}

/** Unregisters a process group that has ended. */
export function release(pid: number): void {
  tell(`- ${pid}`);
}
