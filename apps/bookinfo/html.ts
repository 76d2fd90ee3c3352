/** Markup that is safe to send: made by `html` alone. */
export interface Html {
  readonly markup: string;
}

type Insertable = Html | readonly Html[] | string | number;

/** Escapes whatever is inserted, unless it is markup itself. */
export function html(parts: TemplateStringsArray, ...values: Insertable[]): Html {
  return { markup: String.raw({ raw: parts }, ...values.map(markupOf)) };
}

/** For texts of our own that are written as markup. */
export function trusted(markup: string): Html {
  return { markup };
}

function markupOf(value: Insertable): string {
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
