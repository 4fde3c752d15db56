import { testPipeline } from './pipelines.js';

testPipeline('gitlab');
