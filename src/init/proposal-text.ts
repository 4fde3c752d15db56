import type { Proposal } from './proposal.js';
import { harmless } from '../text/harmless.js';
import { formatDifference } from '../workspace/difference-text.js';
import type { Palette } from '../text/palette.js';

const meaning: { readonly [S in Proposal['status']]: string } = {
  new: 'new',
  unchanged: 'unchanged',
  amended: 'amended',
  replaced: 'replaced, with --force',
  kept: 'kept as it is; this is the difference from what would be written',
};

/** Every proposed file: its text if it is new, otherwise the difference from the present file. */
export function formatProposals(proposals: readonly Proposal[], paint: Palette): string {
  return proposals.map((proposal) => formatProposal(proposal, paint)).join('\n');
}

function formatProposal(proposal: Proposal, paint: Palette): string {
  const { path, text } = proposal;
  const title = `${paint.strong(harmless(path))}: ${meaning[proposal.status]}\n`;
  if (proposal.status === 'unchanged') return title;
  if (proposal.status === 'new') return `${title}${text.trimEnd().split('\n').map(contentLine).join('')}`;
  const { present } = proposal;
  if (present.text === text) return `${title}    (made executable)\n`;
  return `${title}${formatDifference(present.text, text, paint).map(indented).join('')}`;
}

const indented = (line: string) => `    ${line}\n`;

const contentLine = (line: string) => (line === '' ? '\n' : `    ${harmless(line.replace(/\r$/, ''))}\n`);
