{{- define "campaign-bot.name" -}}
{{- if contains "campaign-bot" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-campaign-bot" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "campaign-bot.selector" -}}
app.kubernetes.io/name: campaign-bot
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "campaign-bot.labels" -}}
{{ include "campaign-bot.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end }}

{{- define "campaign-bot.image" -}}
{{- $repository := required "Set image.repository: where the image is that you built from the Dockerfile." .Values.image.repository -}}
{{- if .Values.image.digest }}{{ $repository }}@{{ .Values.image.digest }}{{ else }}{{ $repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end }}
{{- end }}

{{- define "campaign-bot.policy" -}}
{{- if .Values.policy.existingConfigMap }}{{ .Values.policy.existingConfigMap }}{{ else if .Values.policy.text }}{{ include "campaign-bot.name" . }}-policy{{ end }}
{{- end }}

{{- define "campaign-bot.securityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end }}

{{- define "campaign-bot.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile:
  type: RuntimeDefault
{{- end }}

{{- define "campaign-bot.environment" -}}
{{- range $name, $value := .Values.settings }}
- name: {{ $name }}
  value: {{ $value | toString | quote }}
{{- end }}
- name: HEALTH_PORT
  value: "8080"
- name: PORT
  value: "3000"
# Probes come from outside of the pod.
- name: BIND
  value: 0.0.0.0
- name: LOG_FORMAT
  value: json
{{- if include "campaign-bot.policy" . }}
- name: POLICY_FILE
  value: /etc/campaign-bot/policy/policy.toml
{{- end }}
{{- if eq .Values.journal.database "sqlite" }}
- name: DATABASE_URL
  value: sqlite:////data/campaign-bot.db
{{- end }}
{{- end }}

{{- define "campaign-bot.mounts" -}}
- name: tmp
  mountPath: /tmp
- name: data
  mountPath: /data
{{- if include "campaign-bot.policy" . }}
- name: policy
  mountPath: /etc/campaign-bot/policy
  readOnly: true
{{- end }}
{{- end }}

{{- define "campaign-bot.volumes" -}}
- name: tmp
  emptyDir: {}
{{- if eq .Values.journal.database "sqlite" }}
- name: data
  persistentVolumeClaim:
    claimName: {{ .Values.journal.existingClaim | default (printf "%s-journal" (include "campaign-bot.name" .)) }}
{{- else }}
- name: data
  emptyDir: {}
{{- end }}
{{- if include "campaign-bot.policy" . }}
- name: policy
  configMap:
    name: {{ include "campaign-bot.policy" . }}
{{- end }}
{{- end }}
