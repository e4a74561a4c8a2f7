/** An XMLHttpRequest whose answers a test gives. */
export class FakeRequest {
  /** Requests that were sent, in their order. */
  static sent: FakeRequest[] = [];
  /** Called with each request that is sent. */
  static onSend: (request: FakeRequest) => void = () => undefined;

  readonly upload: { onprogress?: (event: { loaded: number }) => void } = {};
  url = "";
  status = 0;
  bytes = 0;
  isAborted = false;
  onload: () => void = () => undefined;
  onerror: () => void = () => undefined;
  onabort: () => void = () => undefined;
  onloadend: () => void = () => undefined;
  private etag: string | null = null;

  /** Replaces the browser's, and forgets earlier requests. */
  static install(): void {
    FakeRequest.sent = [];
    FakeRequest.onSend = () => undefined;
    Object.defineProperty(globalThis, "XMLHttpRequest", { value: FakeRequest, configurable: true });
  }

  open(_method: string, url: string): void {
    this.url = url;
  }

  send({ size }: Blob): void {
    this.bytes = size;
    FakeRequest.sent.push(this);
    FakeRequest.onSend(this);
  }

  abort(): void {
    this.isAborted = true;
    this.onabort();
    this.onloadend();
  }

  getResponseHeader(name: string): string | null {
    return name === "etag" ? this.etag : null;
  }

  progress(loaded: number): void {
    this.upload.onprogress?.({ loaded });
  }

  answer(status: number, etag: string | null = null): void {
    this.status = status;
    this.etag = etag;
    this.onload();
    this.onloadend();
  }

  loseNetwork(): void {
    this.onerror();
    this.onloadend();
  }
}
