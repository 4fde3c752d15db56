import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { Secret } from '../../../src/secret/secret.js';
import { credentialsFile, sampleDevices } from '../../../src/stand-in/sample-devices.js';

test("writes the platform's eight columns, quoted only where they have to be", () => {
  const device = {
    deviceId: 'd',
    name: 'sensor-0001',
    username: 'd@devices.data-ingestion.biotz.io',
    password: new Secret('a"b,c;é '),
    customerId: 'c',
    mqttUsername: 'm',
    organizationId: 'o',
  };
  expect([...credentialsFile([device])]).toEqual([
    'Created,Name,Customer ID,Device ID,MQTT Username,HTTP Username,Password,Organization ID\n',
    'Yes,sensor-0001,c,d,m,d@devices.data-ingestion.biotz.io,"a""b,c;é ",o\n',
  ]);
});

test('a CSV parser reads back every device', () => {
  const devices = [...sampleDevices(200, { seed: 'csv' })];
  const rows: unknown = parse([...credentialsFile(devices)].join(''), { columns: true });
  expect(rows).toEqual(
    devices.map((device) => ({
      Created: 'Yes',
      Name: device.name,
      'Customer ID': device.customerId,
      'Device ID': device.deviceId,
      'MQTT Username': device.mqttUsername,
      'HTTP Username': device.username,
      Password: device.password.reveal(),
      'Organization ID': device.organizationId,
    })),
  );
});

test('a row is made only when it is asked for', () => {
  let made = 0;
  const devices = function* () {
    for (const device of sampleDevices(1_000_000, { seed: 'lazy' })) {
      made += 1;
      yield device;
    }
  };
  const rows = credentialsFile(devices());
  rows.next();
  rows.next();
  expect(made).toBe(1);
});
