{{- define "pointsman.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "pointsman.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" }}
{{- else if contains (include "pointsman.name" .) .Release.Name }}
{{- .Release.Name | trunc 52 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "pointsman.name" .) | trunc 52 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "pointsman.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride }}
{{- end }}

{{- define "pointsman.selectorLabels" -}}
app.kubernetes.io/name: {{ include "pointsman.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "pointsman.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "pointsman.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/component: router
app.kubernetes.io/part-of: pointsman
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* Name, namespace and labels of a resource. Takes a dict of root, suffix, and annotations. */}}
{{- define "pointsman.metadata" -}}
name: {{ include "pointsman.fullname" .root }}{{ .suffix }}
namespace: {{ include "pointsman.namespace" .root }}
labels:
  {{- include "pointsman.labels" .root | nindent 2 }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with merge (dict) (default (dict) .annotations) .root.Values.commonAnnotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "pointsman.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "pointsman.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "pointsman.image" -}}
{{- if .Values.image.digest }}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest }}
{{- else }}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) }}
{{- end }}
{{- end }}

{{/* The configuration file: what the values say, and where what they mount is. */}}
{{- define "pointsman.config" -}}
{{- $own := dict }}
{{- if .Values.deviceTls.existingSecret }}
{{- $_ := set $own "devices" (dict "certFile" "/etc/pointsman/device-tls/tls.crt" "keyFile" "/etc/pointsman/device-tls/tls.key") }}
{{- end }}
{{- if .Values.redis.existingSecret }}
{{- $_ := set $own "store" (dict "passwordFile" (printf "/etc/pointsman/redis/%s" .Values.redis.existingSecretKey)) }}
{{- end }}
{{- toYaml (merge (deepCopy .Values.config) $own) }}
{{- end }}

{{- define "pointsman.hasRedis" -}}
{{- if .Values.redis.url }}true{{ end }}
{{- end }}

{{- define "pointsman.severalReplicas" -}}
{{- if or .Values.autoscaling.enabled (gt (int .Values.replicaCount) 1) }}true{{ end }}
{{- end }}

{{/* What the schema cannot say. */}}
{{- define "pointsman.validate" -}}
{{- if and (include "pointsman.severalReplicas" .) (not (include "pointsman.hasRedis" .)) }}
{{- fail "more than one replica share the plan through Redis: set redis.url, or keep replicaCount at 1" }}
{{- end }}
{{- if hasKey (default (dict) (get .Values.config "rollout")) "seedPercentage" }}
{{- fail "config.rollout.seedPercentage: the percentage lives in the store, not in a release; set it with: pointsman set <percentage> --reason ..." }}
{{- end }}
{{- if and .Values.redis.url (regexMatch "://[^/]*:[^/@]*@" .Values.redis.url) }}
{{- fail "redis.url holds a password: put it into a Secret and name that in redis.existingSecret" }}
{{- end }}
{{- if and .Values.redis.existingSecret (not .Values.redis.url) }}
{{- fail "redis.existingSecret holds a password alone: set redis.url too" }}
{{- end }}
{{- if and .Values.state.existingClaim (include "pointsman.severalReplicas" .) }}
{{- fail "state.existingClaim is for one replica: no two processes may share a state directory" }}
{{- end }}
{{- $bind := get (default (dict) (get .Values.config "http")) "bind" }}
{{- if $bind }}
{{- fail "config.http.bind: the chart decides on addresses and ports; leave it out" }}
{{- end }}
{{- $deadlineMs := default 25000 (get (default (dict) (get .Values.config "shutdown")) "deadlineMs") }}
{{- if le (mul 1000 (int .Values.terminationGracePeriodSeconds)) (int $deadlineMs) }}
{{- fail "terminationGracePeriodSeconds must be longer than config.shutdown.deadlineMs, or a stop is cut short and commands are lost" }}
{{- end }}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) }}
{{- fail "ingress.hosts is empty: name at least one host, or set ingress.enabled to false" }}
{{- end }}
{{- if and .Values.autoscaling.enabled (gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) }}
{{- fail "autoscaling.minReplicas is larger than autoscaling.maxReplicas" }}
{{- end }}
{{- end }}
