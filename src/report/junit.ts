import { reasonProse } from '../platform/reason.js';
import { runEndProse } from './run-end.js';
import type { DeviceResult, FailedDevice } from '../result/device-result.js';
import type { ReportFacts, ReportText } from './facts.js';
import { formatLatency } from '../result/latency.js';
import { harmless } from '../text/harmless.js';

/**
 * JUnit's XML, as far as GitHub's and GitLab's readers, Jenkins and Azure agree on it: each device is a test case.
 *
 * The format has no owner. It follows these descriptions.
 *
 * @see https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
 * @see https://docs.gitlab.com/ci/testing/unit_test_reports/
 * @see https://github.com/testmoapp/junitxml
 */
export function junit(facts: ReportFacts): ReportText {
  const { command, file, counts, durationMs } = facts;
  const left = notAttempted(facts);
  const totals = {
    tests: counts.attempted + (left === undefined ? 0 : 1),
    failures: counts.failed,
    errors: left === undefined ? 0 : 1,
  };
  const time = seconds(durationMs);
  const place = { classname: `biotz-postman.${command}`, file };
  return {
    head: [
      '<?xml version="1.0" encoding="UTF-8"?>',
      `<testsuites${attributes({ name: 'biotz-postman', ...totals, time })}>`,
      `  <testsuite${attributes({ name: suiteName(facts), ...totals, skipped: 0, time, timestamp: timestamp(facts) })}>`,
      '    <properties>',
      ...properties(facts).map(([name, value]) => `      <property${attributes({ name, value })}/>`),
      '    </properties>\n',
    ].join('\n'),
    device: (result) => {
      const { name, deviceId, line } = result;
      const title = name === deviceId ? deviceId : `${name} (${deviceId})`;
      const values = { ...place, name: title, line, time: seconds(result.durationMs) };
      return element('testcase', values, outcome(result, file));
    },
    tail: [
      ...(left === undefined
        ? []
        : [element('testcase', { ...place, name: 'Devices that were not attempted', time: 0 }, left)]),
      '  </testsuite>\n</testsuites>\n',
    ].join(''),
  };
}

function element(
  name: string,
  values: Readonly<Record<string, string | number | undefined>>,
  content: string | undefined,
): string {
  const start = `    <${name}${attributes(values)}`;
  return content === undefined ? `${start}/>\n` : `${start}>\n${content}    </${name}>\n`;
}

/** The content of a test case; `undefined` if the device passed at its first attempt. */
function outcome(result: DeviceResult, file: string): string | undefined {
  if (result.status === 'passed') {
    if (!result.flaky) return undefined;
    const text = `Flaky: passed at attempt ${result.attempts}, after ${result.retried.join(', ')}`;
    return `      <system-out>${xmlText(text)}</system-out>\n`;
  }
  const { reason } = result;
  const values = attributes({ message: reasonProse[reason].meaning, type: reason });
  const body = failureLines(result, file).map(xmlText).join('\n');
  return `      <failure${values}>${body}</failure>\n`;
}

function failureLines(result: FailedDevice, file: string): readonly string[] {
  const { name, deviceId, line, username, reason, request, requests, detail, attempts, retried } = result;
  const { meaning, remedy } = reasonProse[reason];
  const status = requests.find((sent) => sent.name === request)?.status;
  const sent =
    request === undefined ? [] : [`Request: ${request}${status === undefined ? '' : ` (HTTP ${status})`}`];
  return [
    `${file}:${line}`,
    `Device: ${name} (device id ${deviceId}, user name ${username})`,
    ...sent,
    `Reason: ${meaning} [${reason}]`,
    ...(detail === undefined ? [] : [`Answer: ${detail}`]),
    `What to do: ${remedy}`,
    ...(attempts === 1
      ? []
      : [`Attempts: ${attempts}; reasons of the earlier failures: ${retried.join(', ')}`]),
  ];
}

/** An error for the devices that were not attempted. Without it, CI would show the run as passed. */
function notAttempted({ counts, end }: ReportFacts): string | undefined {
  if (counts.notAttempted === 0) return undefined;
  const { meaning, remedy } = runEndProse[end];
  const message = `${counts.notAttempted} ${counts.notAttempted === 1 ? 'device was' : 'devices were'} not attempted`;
  return `      <error${attributes({ message, type: end })}>${xmlText(`${message}: ${meaning}. ${remedy}`)}</error>\n`;
}

function properties(facts: ReportFacts): readonly (readonly [string, string | number])[] {
  const { command, end, counts, digest, latency, retried } = facts;
  return [
    ['command', command],
    ['end', end],
    ...Object.entries(counts),
    ['digest.read', digest.read],
    ['digest.attempted', digest.attempted],
    ...latency.map((request) => [`latency.${request.request}`, formatLatency(request)] as const),
    ...retried.map(({ reason, count }) => [`retried.${reason}`, count] as const),
  ];
}

const suiteName = ({ file, shard }: ReportFacts) =>
  shard === undefined ? file : `${file}, shard ${shard.index} of ${shard.count}`;

const seconds = (ms: number) => (ms / 1000).toFixed(3);

/** In UTC, without fractions and time zone, because strict readers accept no others. */
const timestamp = ({ startedAt }: ReportFacts) => new Date(startedAt).toISOString().slice(0, 19);

/** Entities of markup characters. `>` is one of them, because it ends a CDATA section after `]]`. */
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/**
 * Makes any text valid in an attribute or element of XML 1.0: control characters become visible escapes, as in a terminal,
 * and so do lone surrogates, U+FFFE and U+FFFF, which no XML document may have.
 *
 * @see https://www.w3.org/TR/xml/#charsets
 */
function xmlText(text: string): string {
  return harmless(text)
    .replace(/[\p{Surrogate}\ufffe\uffff]/gu, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(/[&<>"']/g, (found) => entities[found] ?? found);
}

/** The attributes of an element, each after a space, without those that are `undefined`. */
function attributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${xmlText(String(value))}"`))
    .join('');
}
