import { expect, test } from '@jest/globals';
import { sampleDevices } from '../../../src/stand-in/sample-devices.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const make = (count: number, seed = 'test') =>
  Array.from(sampleDevices(count, { seed }), (device) => ({ ...device, password: device.password.reveal() }));

test('the same seed makes the same devices, however many', () => {
  expect(make(3)).toEqual(make(100).slice(0, 3));
  expect(make(3, 'other')).not.toEqual(make(3));
});

test("devices look like the platform's", () => {
  const devices = make(50);
  expect(devices.map(({ name }) => name)).toContain('sensor-0050');
  for (const device of devices) {
    expect(device.deviceId).toMatch(UUID);
    expect(device.username).toBe(`${device.deviceId}@devices.data-ingestion.biotz.io`);
    expect(device.customerId).toMatch(UUID);
    expect(device.organizationId).toMatch(UUID);
  }
  expect(new Set(devices.map(({ deviceId }) => deviceId)).size).toBe(50);
  expect(new Set(devices.map(({ password }) => password)).size).toBe(50);
  expect(new Set(devices.map(({ customerId }) => customerId)).size).toBe(1);
});

test("a demo's passwords hold every character that a careless tool breaks", () => {
  const passwords = make(25, 'demo').map(({ password }) => password);
  for (const character of '&=+%";, é') expect(passwords.join('')).toContain(character);
  for (const password of passwords) expect(password).toMatch(/^[A-Za-z0-9][^\n]{18}[A-Za-z0-9]$/);
});
