import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import type { Frame, Locator, Page } from "playwright-core";
import { chapterMetadata } from "../../harness/clips";
import { until } from "../../packages/cli-kit/wait-until";

/** Frequency of a clip's sound, in hertz. */
export const TONE_HZ = 440;

/** Subtitles of a clip, which are shown all the time. */
export const SUBTITLE = "The sea is calm.";

/** Twenty seconds of picture and two sounds, larger than one part of 8 MiB, with a chapter and subtitles. */
export function makeClip(file: string): void {
  const [chapters, subtitles] = [`${file}.chapters`, `${file}.srt`];
  writeFileSync(chapters, chapterMetadata([["The only chapter", 20]]));
  writeFileSync(subtitles, `1\n00:00:00,000 --> 00:00:20,000\n${SUBTITLE}\n`);
  execFileSync("ffmpeg", [
    ...["-v", "error", "-nostdin", "-y"],
    ...["-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25:duration=20"],
    ...["-f", "lavfi", "-i", `sine=frequency=${TONE_HZ}:duration=20`],
    ...["-f", "ffmetadata", "-i", chapters, "-i", subtitles, "-map_chapters", "2"],
    ...["-map", "0", "-map", "1", "-map", "1", "-map", "3", "-c:s", "mov_text"],
    ...["-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=por"],
    ...["-metadata:s:s:0", "language=eng"],
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

/** The video in the list, which is below the uploads. */
export function rowOf(page: Page, title: string): Locator {
  return page.getByRole("listitem").filter({ has: page.getByRole("heading", { name: title }) });
}

/** The video element of the page or frame that is shown. */
export function videoOf(page: Page | Frame): Locator {
  return page.locator("hls-video video");
}

/** Plays the video of the page or frame that is shown, until it has played for some seconds. */
export async function playFor(page: Page | Frame, seconds: number): Promise<void> {
  const video = videoOf(page);
  await video.evaluate((element: { play(): Promise<void> }) => element.play());
  const time = () => video.evaluate(({ currentTime }: { currentTime: number }) => currentTime);
  const began = await time();
  await until(`the video plays for ${seconds} seconds`, async () => (await time()) > began + seconds);
}

/** Loudest frequency of the sound that a page plays, in hertz. Ends when there is a sound. */
const LOUDEST_FREQUENCY = `(async () => {
  const context = new AudioContext();
  await context.resume();
  const analyser = new AnalyserNode(context, { fftSize: 8192 });
  const video = document.querySelector("hls-video").nativeEl;
  context.createMediaElementSource(video).connect(analyser).connect(context.destination);
  const levels = new Float32Array(analyser.frequencyBinCount);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    analyser.getFloatFrequencyData(levels);
    const loudest = levels.indexOf(Math.max(...levels));
    if (levels[loudest] > -60) return (loudest * context.sampleRate) / analyser.fftSize;
  }
})()`;

/** Plays the video from its beginning, and returns the loudest frequency of its sound in hertz. */
export async function heard(page: Page | Frame): Promise<number> {
  await videoOf(page).evaluate((element: { currentTime: number; play(): Promise<void> }) => {
    element.currentTime = 0;
    return element.play();
  });
  return page.evaluate<number>(LOUDEST_FREQUENCY);
}

/** Tests that continue where the one before ended: if one fails, the following ones fail without being tried. */
export function stepsInTurn(): (name: string, work: () => Promise<void>) => void {
  let isStranded = false;
  return (name, work) =>
    test(name, async () => {
      if (isStranded) throw new Error("a step before this one failed");
      isStranded = true;
      await work();
      isStranded = false;
    });
}
