/**
 * Replaces `semver` with the only function that bundled packages use: `cls-hooked` compares Node.js versions,
 * `aws-xray-sdk-core` AWS SDK versions. The package would be a tenth of a function.
 */
export function gte(release: string, other: string): boolean {
  const [one, two] = [release, other].map((text) => text.replace(/^v/, "").split(".").map(Number));
  const at = one?.findIndex((number, index) => number !== two?.[index]) ?? -1;
  return at === -1 || (one?.[at] ?? 0) > (two?.[at] ?? 0);
}
