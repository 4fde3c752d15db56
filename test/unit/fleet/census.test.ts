import { describe, expect, test } from '@jest/globals';
import { Census } from '../../../src/fleet/census.js';
import { IdDigest } from '../../../src/result/id-digest.js';

const devicesOf = (count: number, prefix = 'device') =>
  Array.from({ length: count }, (_, index) => ({ deviceId: `${prefix}-${index}`, username: `u${index}` }));

type Devices = ReturnType<typeof devicesOf>;

function census(devices: Devices, shard?: { index: number; count: number }) {
  const counting = new Census(shard);
  for (const device of devices) counting.add(device);
  return counting.finish({ read: devices.length, skipped: 0 });
}

const sharesOf = (devices: Devices, count: number) =>
  Array.from({ length: count }, (_, index) => {
    const { part } = census(devices, { index: index + 1, count });
    return { ...part.share, ids: devices.filter((device) => part.includes(device)).map((d) => d.deviceId) };
  });

describe('shards', () => {
  test.each([
    [100, 5],
    [103, 5],
    [3, 5],
    [1, 1],
    [1000, 7],
  ])('of %i devices in %i parts are disjoint, complete and even', (devices, count) => {
    const shares = sharesOf(devicesOf(devices), count);
    const ids = shares.flatMap((share) => share.ids);
    expect(ids.toSorted()).toEqual(
      devicesOf(devices)
        .map(({ deviceId }) => deviceId)
        .toSorted(),
    );
    const sizes = shares.map((share) => share.ids.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    expect(shares.map((share) => share.devices)).toEqual(sizes);
  });

  test('stay the same when the rows of the file change places', () => {
    const devices = devicesOf(50);
    const before = sharesOf(devices, 3).map(({ ids }) => ids.toSorted());
    expect(sharesOf(devices.toReversed(), 3).map(({ ids }) => ids.toSorted())).toEqual(before);
  });

  test('keep most of their devices when one is added', () => {
    const before = sharesOf(devicesOf(1000), 4).map(({ ids }) => new Set(ids));
    const after = sharesOf(devicesOf(1001), 4);
    const moved = after.flatMap(({ ids }, shard) => ids.filter((id) => !before[shard]?.has(id)));
    expect(moved.length).toBeLessThan(10);
  });

  test('have digests that add up to that of the fleet', () => {
    const devices = devicesOf(20);
    const sum = new IdDigest();
    for (const { digest } of sharesOf(devices, 3)) sum.addAll(digest);
    expect(sum.hex()).toBe(census(devices).fleet.digest);
  });
});

describe('a fleet is known', () => {
  test('by its devices, whatever their order', () => {
    const devices = devicesOf(10);
    const [one, other] = [census(devices).fleet, census(devices.toReversed()).fleet];
    expect(one.digest).toBe(other.digest);
    expect(one.order).not.toBe(other.order);
  });

  test.each<[string, Devices]>([
    ['a device less', devicesOf(9)],
    ['another device', [...devicesOf(9), { deviceId: 'x', username: 'u9' }]],
    ['a device twice', [...devicesOf(10), ...devicesOf(1)]],
    ['a pair twice', [...devicesOf(10), ...devicesOf(1), ...devicesOf(1)]],
  ])('from one with %s', (_what, devices) => {
    expect(census(devices).fleet.digest).not.toBe(census(devicesOf(10)).fleet.digest);
  });

  test('from one with other usernames', () => {
    const other = devicesOf(10).map(({ deviceId, username }) => ({ deviceId, username: `${username}x` }));
    expect(census(other).fleet.order).not.toBe(census(devicesOf(10)).fleet.order);
  });
});
