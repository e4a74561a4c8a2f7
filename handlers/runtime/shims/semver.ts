/**
 * All that bundled packages ask of `semver`: whether a release is not older than another, of Node by `cls-hooked`, of
 * the AWS SDK by `aws-xray-sdk-core`. The packages themselves would be a tenth of a function.
 */
export function gte(release: string, other: string): boolean {
  const [one, two] = [release, other].map((text) => text.replace(/^v/, "").split(".").map(Number));
  const at = one?.findIndex((number, index) => number !== two?.[index]) ?? -1;
  return at === -1 || (one?.[at] ?? 0) > (two?.[at] ?? 0);
}
