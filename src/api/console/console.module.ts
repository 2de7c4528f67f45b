import { join } from 'node:path';
import { Module } from '@nestjs/common';
import type { Config } from '../../config/schema';
import { CONFIG } from '../../kernel/tokens';
import { readConsole } from './console-files';
import { CONSOLE_FILES, ConsoleController } from './console.controller';

/** Beside the program, where the build puts it. */
const BUILT = join(__dirname, '..', '..', 'console');

/** The web console at `/`. */
@Module({
  controllers: [ConsoleController],
  providers: [
    {
      provide: CONSOLE_FILES,
      inject: [CONFIG],
      useFactory: ({ http }: Config) => ({ built: readConsole(http.consoleDir ?? BUILT) }),
    },
  ],
})
export class ConsoleModule {}
