/** Paints a word of a report; a terminal without colors is given functions that change nothing. */
export interface Palette {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly strong: (text: string) => string;
}

export const noColors: Palette = {
  good: (text) => text,
  bad: (text) => text,
  dim: (text) => text,
  strong: (text) => text,
};
