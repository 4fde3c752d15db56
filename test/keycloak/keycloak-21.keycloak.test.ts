import { afterAll } from '@jest/globals';
import { describeAnswers } from './answers.js';
import { describeDoctor } from './doctor.js';
import { describeFleet } from './fleet.js';
import { describeLockout } from './lockout.js';
import { realms } from './realm.js';
import { startKeycloak } from './server.js';
import { describeToken } from './token.js';

const keycloak = await startKeycloak('21.1.2', realms);
afterAll(() => keycloak.stop());

describeAnswers(keycloak, 'keycloak-21');
describeFleet(keycloak, 'keycloak-21');
describeDoctor(keycloak, 'keycloak-21');
describeToken(keycloak, 'keycloak-21');
describeLockout(keycloak);
