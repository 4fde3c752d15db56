import { afterAll } from '@jest/globals';
import { describeAnswers } from './answers.js';
import { describeDoctor } from './doctor.js';
import { describeFleet } from './fleet.js';
import { describeLockout } from './lockout.js';
import { realms } from './realm.js';
import { startKeycloak } from './server.js';
import { describeToken } from './token.js';

const keycloak = await startKeycloak('26.4.0', realms);
afterAll(() => keycloak.stop());

describeAnswers(keycloak, 'keycloak-26');
describeFleet(keycloak, 'keycloak-26');
describeDoctor(keycloak, 'keycloak-26');
describeToken(keycloak, 'keycloak-26');
describeLockout(keycloak);
