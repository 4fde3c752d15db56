import { testPipeline } from './pipelines.js';

testPipeline('github');
