import type { InputHTMLAttributes } from "preact";

/** A text field with its label; forms find its value by `name`. */
export function Field({ label, ...input }: { label: string } & InputHTMLAttributes) {
  return (
    <label class="field">
      <span>{label}</span>
      <input required {...input} />
    </label>
  );
}

/** Value of a form field by name. */
export function typed(form: HTMLFormElement, name: string): string {
  const value = new FormData(form).get(name);
  return typeof value === "string" ? value.trim() : "";
}
