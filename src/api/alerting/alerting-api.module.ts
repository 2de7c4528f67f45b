import { Module } from '@nestjs/common';
import { AlertingModule } from '../../alerting/alerting.module';
import { AlertmanagerController } from './alertmanager.controller';

/** What alerting systems call over HTTP. */
@Module({ imports: [AlertingModule], controllers: [AlertmanagerController] })
export class AlertingApiModule {}
