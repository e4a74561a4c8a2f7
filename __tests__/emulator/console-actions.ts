import { execFileSync } from "node:child_process";
import type { Locator, Page } from "playwright-core";
import { until } from "../../packages/cli-kit/wait-until";

/** Frequency of a clip's sound, in hertz. */
export const TONE_HZ = 440;

/** Twenty seconds of picture and sound, larger than one part of 8 MiB. */
export function makeClip(file: string): void {
  execFileSync("ffmpeg", [
    ...["-v", "error", "-nostdin", "-y"],
    ...["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25:duration=20"],
    ...["-f", "lavfi", "-i", `sine=frequency=${TONE_HZ}:duration=20`],
    // Noise, which does not compress.
    ...["-vf", "noise=alls=30:allf=t", "-preset", "ultrafast", "-b:v", "5M", "-pix_fmt", "yuv420p", file],
  ]);
}

/** Fills in the form to sign in, and sends it. */
export async function signIn(
  page: Page,
  { email, password }: { readonly email: string; readonly password: string },
): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Starts the upload of a file. */
export async function startUpload(
  page: Page,
  { file, title }: { readonly file: string; readonly title: string },
): Promise<void> {
  await page.getByLabel("Video file").setInputFiles(file);
  await page.getByLabel("Title").fill(title);
  await page.getByRole("button", { name: "Upload", exact: true }).click();
}

/** The video in the list. */
export function rowOf(page: Page, title: string): Locator {
  return page.getByRole("listitem").filter({ hasText: title });
}

/** Plays the video of the page that is shown, until it has played for some seconds. */
export async function playFor(page: Page, title: string, seconds: number): Promise<void> {
  const video = page.getByLabel(title, { exact: true });
  await video.evaluate((element: { play(): Promise<void> }) => element.play());
  const time = () => video.evaluate(({ currentTime }: { currentTime: number }) => currentTime);
  const began = await time();
  await until(`the video plays for ${seconds} seconds`, async () => (await time()) > began + seconds);
}
