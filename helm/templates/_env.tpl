{{- define "pointsman.env" -}}
- name: POINTSMAN_CONFIG
  value: /etc/pointsman/config/pointsman.yaml
- name: POINTSMAN_TOKENS_FILE
  value: {{ printf "/etc/pointsman/tokens/%s" .Values.tokens.existingSecretKey }}
- name: POINTSMAN_STATE_DIR
  value: /var/lib/pointsman
- name: POINTSMAN_BIND
  value: 0.0.0.0
- name: POINTSMAN_METRICS_BIND
  value: 0.0.0.0
- name: POINTSMAN_DEVICE_BIND
  value: 0.0.0.0
- name: POINTSMAN_HTTP_PORT
  value: "8080"
- name: POINTSMAN_METRICS_PORT
  value: "9400"
- name: POINTSMAN_DEVICE_TLS_PORT
  value: "23779"
- name: POINTSMAN_REPLICA
  valueFrom:
    fieldRef:
      fieldPath: metadata.name
{{- with .Values.redis.url }}
- name: POINTSMAN_REDIS_URL
  value: {{ . | quote }}
{{- end }}
{{- with .Values.prometheus.url }}
- name: POINTSMAN_PROMETHEUS_URL
  value: {{ . | quote }}
{{- end }}
{{- with .Values.alertmanager.url }}
- name: POINTSMAN_ALERTMANAGER_URL
  value: {{ . | quote }}
{{- end }}
{{- with .Values.extraEnv }}
{{ tpl (toYaml .) $ }}
{{- end }}
{{- end }}
