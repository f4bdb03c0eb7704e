import type { GrantedAccess } from '@keybound/web';

export async function createNote(request: Request, access: GrantedAccess): Promise<Response> {
  const form = await request.formData();
  const refused = await access.refuseTokenInForm(form);
  if (refused !== undefined) return refused.response;
  return access.apply(Response.json({ text: form.get('text') }, { status: 201 }));
}
