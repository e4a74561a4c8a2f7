/** What identifies a file that is being uploaded, without its content. */
export interface KnownFile {
  readonly name: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
}

/** Files of unfinished uploads by media id, so that another file is not sent into an upload by mistake. */
const STORAGE_KEY = "streamflow.files";

function read(): Record<string, KnownFile> {
  const text = localStorage.getItem(STORAGE_KEY);
  return text === null ? {} : (JSON.parse(text) as Record<string, KnownFile>);
}

export function rememberFile(id: string, { name, size, lastModified }: KnownFile): void {
  localStorage.setItem(STORAGE_KEY, JSON.stringify({ ...read(), [id]: { name, size, lastModified } }));
}

export function forgetFile(id: string): void {
  const files = Object.entries(read()).filter(([known]) => known !== id);
  localStorage.setItem(STORAGE_KEY, JSON.stringify(Object.fromEntries(files)));
}

/** Name of the file of an unfinished upload; undefined if the upload was started on another device. */
export const knownName = (id: string): string | undefined => read()[id]?.name;

/**
 * Whether a file may be the one of an unfinished upload. On another device than the one that started it, only the size
 * is known.
 */
export function isSameFile(id: string, sizeBytes: number, file: KnownFile): boolean {
  const known = read()[id];
  if (known === undefined) return file.size === sizeBytes;
  return known.name === file.name && known.size === file.size && known.lastModified === file.lastModified;
}
