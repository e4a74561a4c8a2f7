import { SAMPLE_USER } from "./sample-user";

export interface Closing {
  /** Name of the environment: `dev`. */
  readonly environment: string;
  /** What `GET /health` answered, as JSON; undefined if it did not answer 200. */
  readonly health: string | undefined;
  /** URL of the product; undefined if videos are not processed. */
  readonly product: string | undefined;
}

/** The last lines of `npm start`: whether all is as it should be, and where to sign in. */
export function closingLines({ environment, health, product }: Closing): string[] {
  const state = "the second plan is empty";
  const line = {
    up: `${environment} is up to date (second plan empty)`,
    "no cache": `${environment} runs without its cache, and reads the database instead: Redis is down or missing (${state})`,
    down: `${environment} does not answer: npm run doctor -- ${environment} lists what is missing (${state})`,
  }[conditionOf(health)];
  const door = `open ${product} and sign in as ${SAMPLE_USER.email}, ${SAMPLE_USER.password}`;
  return product === undefined ? [line] : [line, door];
}

function conditionOf(health: string | undefined): "up" | "no cache" | "down" {
  if (health === undefined) return "down";
  return /"cache":\s*"up"/.test(health) ? "up" : "no cache";
}
